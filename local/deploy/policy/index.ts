export { findingsOf } from "./check";
export { layered, readPolicyConfig, type PolicyConfig, type PolicySetting } from "./config";
export { judge, type Judged } from "./judge";
export { PolicyViolation, violationOf } from "./violation";
