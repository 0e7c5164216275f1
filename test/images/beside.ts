/**
 * Runs in a container beside the generator's, on the same loopback: a model that answers when it is told to. Says on standard
 * output where the model and its control are: `/asked` answers with the number of calls, `/answer` lets them be answered.
 */
import { createServer } from "node:http";
import { listen } from "../support/loopback";
import { layoutText } from "../runtime/container/fixtures";
import { startModelStub } from "../runtime/container/modelStub";

async function run(): Promise<void> {
  const gate = Promise.withResolvers<void>();
  const stub = await startModelStub(() => ({ when: gate.promise, text: layoutText() }));
  const control = await listen(
    createServer((request, response) => {
      if (request.url === "/answer") gate.resolve();
      response.end(String(stub.calls.length));
    }),
  );
  process.stdout.write(`${JSON.stringify({ model: stub.openAiUrl, control })}\n`);
}

void run();
