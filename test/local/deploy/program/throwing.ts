/**
 * Runs programs that throw and prints how each run ended, as JSON. For a process of its own: Jest counts a rejection that
 * Pulumi leaves unhandled as a failure of the test, and the point here is that such rejections end neither run nor process.
 */
import * as pulumi from "@pulumi/pulumi";
import { MemoryStack, thing } from "../support/memoryCloud";

const PROGRAMS: Record<string, () => unknown> = {
  atOnce: () => {
    thing("first");
    throw new Error("pool.size: found 99");
  },
  inApply: () => {
    thing("first");
    pulumi.output(1).apply(() => {
      throw new Error("thrown in an apply");
    });
  },
  inApplyOfAResource: () => {
    thing("second", {
      value: thing("first", { value: 1 }).urn.apply(() => Promise.reject(new Error("too late"))),
    });
  },
  withoutAnError: () => {
    throw "a mere text";
  },
};

async function main(): Promise<void> {
  const ends: Record<string, unknown> = {};
  for (const [name, program] of Object.entries(PROGRAMS)) {
    const stack = new MemoryStack();
    const end = await stack.run("up", program).then(
      () => "well",
      ({ code, message }: { code: string; message: string }) => ({ code, message }),
    );
    ends[name] = { end, calls: stack.calls };
    stack.remove();
  }
  const stack = new MemoryStack();
  ends.afterwards = (await stack.run("up", () => void thing("first"))).changeSummary.create;
  stack.remove();
  process.stdout.write(JSON.stringify(ends));
}

void main();
