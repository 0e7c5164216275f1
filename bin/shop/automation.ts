import type * as Automation from "../../infra/fleet/automation";

/** Pulumi's Automation API, loaded when it is needed: it takes most of a second, which `--local` saves. */
export const automation = (): typeof Automation => require("../../infra/fleet/automation") as typeof Automation;
