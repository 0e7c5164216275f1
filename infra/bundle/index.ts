import { join, relative } from "node:path";
import { bundleGenerator, type GeneratorContext } from "./generator";
import { bundleWorker, describeBundle, type WorkerBundle } from "./worker";

export { bundleGenerator, bundleWorker, describeBundle, type GeneratorContext, type WorkerBundle };

/**
 * Everything that a stack runs, bundled from the sources below `root` into `{root}/.build/{stack}`: a folder for each
 * stack, so that two never overwrite one another. Paths in the answer are relative to `root` and the same on every
 * machine, as a state may hold them.
 */
export function bundleAll(root: string, stack: string): { worker: WorkerBundle; generator: GeneratorContext } {
  const build = join(root, ".build", stack);
  const inRoot = (path: string): string => relative(root, path).replaceAll("\\", "/");
  const worker = bundleWorker(root, build);
  const generator = bundleGenerator(root, build);
  return {
    worker: {
      ...worker,
      file: inRoot(worker.file),
      sourceMap: { ...worker.sourceMap, file: inRoot(worker.sourceMap.file) },
    },
    generator: { ...generator, folder: inRoot(generator.folder) },
  };
}
