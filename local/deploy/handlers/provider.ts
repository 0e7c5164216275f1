import { randomUUID } from "node:crypto";
import type { Handler } from "./handler";
import { typedHandler } from "./typed";

/** An explicit provider (`new cloudflare.Provider`): it is only kept, since every call goes to the embedded cloud. */
export function explicitProvider(): Handler {
  return typedHandler<object>({
    replaceOn: [],
    create: async (inputs) => ({ id: randomUUID(), outputs: inputs }),
    update: async (_old, inputs) => inputs,
    async delete() {},
  });
}
