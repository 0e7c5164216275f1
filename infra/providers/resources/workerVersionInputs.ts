import { z } from "zod";
import { DurableObjectMigration } from "./durableObjectMigrations";
import { Binding } from "./workerBindings";
import { Module } from "./workerModules";

const Container = z
  .object({ className: z.string().describe("A Durable Object class of this Worker.") })
  .describe("A class with a container.");
/** What a version is made of. */
export const Inputs = z.object({
  accountId: z.string().min(1).describe("The account that the Worker is in."),
  workerId: z.string().min(1).describe("The Worker's id."),
  scriptName: z.string().min(1).describe("The Worker's name."),
  mainModule: z.string().min(1).describe("Name of the module that has the handlers."),
  modules: z.array(Module).min(1).describe("The code."),
  compatibilityDate: z.iso.date().describe("Which behaviour of the runtime the code was written for."),
  compatibilityFlags: z.array(z.string()).describe("Single features of the runtime, such as `nodejs_compat`."),
  bindings: z.array(Binding).describe("Everything but secrets, sorted by name: Cloudflare answers them so."),
  secrets: z
    .record(z.string(), z.string())
    .describe("Values of the `secret_text` bindings, by name.")
    .meta({ secret: true }),
  containers: z.array(Container).describe("Durable Object classes that have a container."),
  migrations: z
    .array(DurableObjectMigration)
    .describe("The whole history, oldest first. Only what the live Worker lacks is sent."),
  message: z
    .string()
    .max(1000)
    .optional()
    .describe("What lists of versions show beside it, such as the build id. A new message alone makes no new version."),
});
/** What is known of it once it is there. */
export const Outputs = z.object({
  versionId: z.string().describe("The version."),
  startupTimeMs: z
    .number()
    .int()
    .optional()
    .describe("How long the code takes to start, milliseconds, as Cloudflare measured it at the upload."),
});
export type WorkerVersionInputs = z.infer<typeof Inputs>;
export type WorkerVersionOutputs = z.infer<typeof Outputs>;
