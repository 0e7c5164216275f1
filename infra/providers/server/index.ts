import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { watchEngine } from "./engine";
import { providerService } from "./service";

/** State of a large stack in one message; the CLI has the same limit. */
const LARGEST_MESSAGE = 400 * 1024 * 1024;

/**
 * Serves the provider as the CLI expects of a plugin: on a free port of loopback, whose number is the first line of the
 * output, until the CLI or its engine is gone.
 *
 * @param args of the process: `[--logtostderr] [-v=9] [--tracing address] [engine address]`.
 */
export async function serve(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const server = new Server({
    "grpc.max_receive_message_length": LARGEST_MESSAGE,
    "grpc.max_send_message_length": LARGEST_MESSAGE,
  });
  server.addService(ResourceProviderService, providerService(env));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  const engine = engineAddress(args);
  if (engine !== undefined) watchEngine(engine, () => process.exit(0));
  process.stdout.write(`${port}\n`);
}

function engineAddress(args: readonly string[]): string | undefined {
  const tracing = args.indexOf("--tracing");
  return args.find((arg, index) => !arg.startsWith("-") && (tracing === -1 || index !== tracing + 1));
}
