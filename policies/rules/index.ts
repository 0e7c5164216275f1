import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { containerImagePinned } from "./containerImagePinned";
import { containerInstanceType } from "./containerInstanceType";
import { containerMaxInstances } from "./containerMaxInstances";
import { dataProtectedInProd } from "./dataProtectedInProd";
import { debugOffInProd } from "./debugOffInProd";
import { namesOfStack } from "./namesOfStack";
import { noPlainSecrets } from "./noPlainSecrets";
import { r2LifecycleSet } from "./r2LifecycleSet";
import { unsignedLinksOffInProd } from "./unsignedLinksOffInProd";

export type Rule = ResourceValidationPolicy | StackValidationPolicy;

/** Every rule of the pack, in the order they are shown. */
export const rules: readonly Rule[] = [
  namesOfStack,
  containerImagePinned,
  containerInstanceType,
  containerMaxInstances,
  noPlainSecrets,
  r2LifecycleSet,
  debugOffInProd,
  unsignedLinksOffInProd,
  dataProtectedInProd,
];
