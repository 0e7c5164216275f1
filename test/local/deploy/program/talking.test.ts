import { setTimeout as passing } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { runProgram } from "../../../../local/deploy/program/run";

/** Five pauses that are together longer than a program may stand still, and each far shorter. */
const STUCK_AFTER_MS = 800;
const PAUSE_MS = 250;

const run = (says: boolean) =>
  runProgram(
    async () => {
      for (let pause = 0; pause < 5; pause++) {
        await passing(PAUSE_MS);
        if (says) await pulumi.log.info(`${pause} pages read`);
      }
    },
    {
      project: "shop",
      stack: "dev",
      preview: true,
      config: {},
      secretKeys: [],
      functions: new Map(),
      onEvent: () => {},
      stuckAfterMs: STUCK_AFTER_MS,
      engine: {
        register: async ({ name }) => ({ urn: `urn:pulumi:dev::shop::t::${name}`, outputs: {} }),
        setOutputs: async () => {},
      },
    },
  );

it("a program that is long at something else and says so is not stuck; one that says nothing is", async () => {
  await expect(run(true)).resolves.toBeUndefined();
  await expect(run(false)).rejects.toMatchObject({ code: "PROGRAM_STUCK" });
});
