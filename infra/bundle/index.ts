import { bundleGenerator, type GeneratorContext } from "./generator";
import { bundleWorker, type WorkerBundle } from "./worker";

export { bundleGenerator, bundleWorker, type GeneratorContext, type WorkerBundle };

/** Everything that a stack runs, bundled from the sources below `root` into `folder`. */
export function bundleAll(root: string, folder: string): { worker: WorkerBundle; generator: GeneratorContext } {
  return { worker: bundleWorker(root, folder), generator: bundleGenerator(root, folder) };
}
