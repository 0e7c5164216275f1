import { PolicyPack } from "@pulumi/policy";
import config from "./config.json";
import { initialConfig } from "./initialConfig";
import { toPolicy } from "./policy";
import { rules } from "./rules";

/**
 * Where the Pulumi CLI starts the pack (`--policy-pack policies`). Constructing it starts a server. What `config.json` sets
 * holds here as in the embedded deployment; `--policy-pack-config` sets more over it.
 */
const pack = new PolicyPack(
  "wandstore",
  {
    description: "What every WandStore stack must hold before anything of it is made.",
    policies: rules.map(toPolicy),
  },
  initialConfig(config, rules),
);

export default pack;
