import type { StackNeeds } from "../../local/deploy";

/** What somebody wants to do. */
export interface Use {
  /** Name of the stack that is to be deployed; undefined for `npm start` and `npm test`. */
  name?: string;
  /** What its deployment needs. */
  stack?: StackNeeds;
}
