import type { Rule } from "../rule";
import { accountLimits } from "./accountLimits";
import { bindingsOfStack } from "./bindingsOfStack";
import { budgetSet } from "./budgetSet";
import { cacheTtlBounds } from "./cacheTtlBounds";
import { compatibilityDate } from "./compatibilityDate";
import { containerImagePinned } from "./containerImagePinned";
import { containerInstanceType } from "./containerInstanceType";
import { containerMaxInstances } from "./containerMaxInstances";
import { containerSleepAfter } from "./containerSleepAfter";
import { costWithinBudget } from "./costWithinBudget";
import { dataProtectedInProd } from "./dataProtectedInProd";
import { debugOffInProd } from "./debugOffInProd";
import { durableObjectClassRemoval } from "./durableObjectClassRemoval";
import { namesOfStack } from "./namesOfStack";
import { noPlainSecrets } from "./noPlainSecrets";
import { observabilityOn } from "./observabilityOn";
import { poolSizeIsMaxInstances } from "./poolSizeIsMaxInstances";
import { r2LifecycleSet } from "./r2LifecycleSet";
import { unsignedLinksOffInProd } from "./unsignedLinksOffInProd";
import { workersDevOffInProd } from "./workersDevOffInProd";

/**
 * Every rule of the pack, in the order they are shown.
 * @param now milliseconds since 1970
 */
export const rulesAt = (now: () => number): readonly Rule[] => [
  namesOfStack,
  noPlainSecrets,
  bindingsOfStack,
  containerImagePinned,
  containerInstanceType,
  containerMaxInstances,
  containerSleepAfter,
  poolSizeIsMaxInstances,
  cacheTtlBounds,
  compatibilityDate(now),
  observabilityOn,
  r2LifecycleSet,
  durableObjectClassRemoval,
  dataProtectedInProd,
  debugOffInProd,
  unsignedLinksOffInProd,
  workersDevOffInProd,
  budgetSet,
  costWithinBudget,
  accountLimits,
];

export const rules = rulesAt(Date.now);
