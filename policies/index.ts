import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules";

/** Where the Pulumi CLI starts the pack (`--policy-pack policies`). Constructing it starts a server. */
const pack = new PolicyPack("wandstore", {
  description: "What every WandStore stack must hold before anything of it is made.",
  policies: [...rules],
});

export default pack;
