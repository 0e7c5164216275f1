import type { ImagePin, StackOutputs } from "../../../infra/fleet/engine";
import type { Plan } from "../plan/change";
import type { Report } from "../report/report";

/** Asks `/health` once. @returns the status of the answer. @throws where there is none in time */
export type Health = () => Promise<number>;

/** Who previews and deploys: the Pulumi CLI, or the embedded deployment. */
export interface Engine {
  readonly source: Report["source"];
  /** @param pin the image to preview with, instead of one that would be built */
  preview(stack: string, pin?: ImagePin): Promise<Plan>;
  /** @throws Failure DEPLOY_FAILED */
  up(stack: string, pin?: ImagePin): Promise<void>;
  /** Undefined for a stack that is not deployed. */
  outputs(stack: string): Promise<StackOutputs | undefined>;
  /** How a deployed stack is asked for its health; undefined where nothing serves it now. */
  health(stack: string, outputs: StackOutputs): Promise<Health | undefined>;
}
