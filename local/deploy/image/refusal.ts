import type { Instruction } from "dockerfile-ast";

/** An instruction that takes a real Docker engine. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(instruction: Instruction, why: string) {
    const what = `line ${lineOf(instruction)} of the Dockerfile (${instruction.getKeyword()}) ${why}`;
    super(`${what}, which the embedded deployment cannot do without Docker`);
  }
}

/** As editors count. */
export const lineOf = (instruction: Instruction): number => instruction.getRange().start.line + 1;
