/**
 * Who may import whom. Each room names the rooms it may reach; everything else of ours is out of its reach.
 * `test/architecture.test.ts` holds the code to this and proves that a breach is seen.
 */
const ROOMS = {
  "infra/index": ["infra/config", "infra/naming", "infra/components", "infra/bundle", "infra/cost"],
  "infra/config": ["infra/naming", "runtime/contract"],
  "infra/naming": ["runtime/contract"],
  "infra/components": [
    "infra/config",
    "infra/naming",
    "infra/bundle",
    "infra/providers",
    "runtime/contract",
    "runtime/lib/catalogue",
  ],
  "infra/bundle": ["infra/naming"],
  "infra/cost": ["infra/config"],
  "infra/providers": ["infra/cloudflare", "infra/release"],
  "infra/release": ["infra/cloudflare"],
  "infra/stored": ["infra/cloudflare", "infra/naming", "runtime/contract"],
  "infra/fleet": [
    "infra/naming",
    "infra/cloudflare",
    "infra/providers",
    "infra/stored",
    "runtime/contract",
    "runtime/lib/catalogue",
  ],
  "infra/cloudflare": [],
  "runtime/contract": [],
  "runtime/lib": ["runtime/contract"],
  "runtime/page": ["runtime/lib", "runtime/contract"],
  "runtime/worker": ["runtime/page", "runtime/lib", "runtime/contract"],
  "runtime/container": ["runtime/page", "runtime/lib", "runtime/contract"],
  "runtime/client": [],
  policies: [],
  "local/cloud": [],
  "local/deploy": ["local/cloud", "infra", "policies"],
  bench: ["infra/bundle", "infra/components", "infra/config", "runtime", "local/deploy/image"],
  bin: [
    "bench",
    "runtime/worker/metrics",
    "local",
    "infra/config",
    "infra/cost",
    "infra/fleet",
    "infra/providers",
    "policies",
  ],
};

const inside = (room) => `^${room}(/|\\.|$)`;
const OURS = "^(infra|runtime|policies|local|stores|bench|bin|test)/";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(ROOMS).map(([room, allowed]) => ({
      name: `${room} reaches only ${allowed.length === 0 ? "itself" : allowed.join(", ")}`,
      severity: "error",
      from: { path: inside(room) },
      to: { path: OURS, pathNot: [room, ...allowed].map(inside) },
    })),
    {
      name: "no cycles",
      severity: "error",
      from: { path: OURS },
      to: { circular: true },
    },
    {
      name: "only tests import tests",
      severity: "error",
      from: { path: OURS, pathNot: "^test/" },
      to: { path: "^test/" },
    },
    {
      name: "what runs imports no development package",
      severity: "error",
      from: { path: OURS, pathNot: "^(test|bench)/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.build|\\.wandstore|node_modules)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".json"], conditionNames: ["require", "node", "default"] },
  },
};
