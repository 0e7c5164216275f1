import type { ApiError } from "../../../../local/cloud/refusals";
import { applyMigrations, checkTag, MigrationsInput } from "../../../../local/cloud/workers/migrations";

const WORKER = "w";
const namespace = (id: string, className: string) => ({ id, workerId: WORKER, className, sqlite: true });
const apply = (steps: object[], before = [namespace("1", "A")]) => {
  let last = 100;
  return applyMigrations(WORKER, before, { steps }, () => String(++last));
};
const codeOf = (work: () => unknown): number | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as ApiError).code;
  }
};

describe("Durable Object migrations", () => {
  it("makes, renames and deletes classes in order, and keeps the data of those that stay", () => {
    expect(
      apply([
        { new_sqlite_classes: ["B"], new_classes: ["C"] },
        { renamed_classes: [{ from: "A", to: "D" }], deleted_classes: ["B"] },
      ]),
    ).toEqual([{ ...namespace("102", "C"), sqlite: false }, namespace("1", "D")]);
  });

  it("lets a name be used again once it is free", () => {
    const [renamed, made] = apply([{ renamed_classes: [{ from: "A", to: "B" }] }, { new_sqlite_classes: ["A"] }]);
    expect([renamed, made]).toEqual([namespace("1", "B"), namespace("101", "A")]);
  });

  it("refuses what contradicts the classes there are", () => {
    expect(codeOf(() => apply([{ new_sqlite_classes: ["A"] }]))).toBe(10074);
    expect(codeOf(() => apply([{ new_classes: ["A"] }]))).toBe(10074);
    expect(codeOf(() => apply([{ deleted_classes: ["B"] }]))).toBe(10073);
    expect(codeOf(() => apply([{ renamed_classes: [{ from: "B", to: "C" }] }]))).toBe(10073);
    expect(codeOf(() => apply([{ new_classes: ["B"] }, { renamed_classes: [{ from: "A", to: "B" }] }]))).toBe(10074);
    expect(codeOf(() => apply([{ transferred_classes: [{}] }]))).toBe(7001);
  });

  it("refuses a plan for another tag than the live one, and takes the one for it", () => {
    const plan = (old_tag?: string) => ({ ...(old_tag === undefined ? {} : { old_tag }), steps: [] });
    expect(codeOf(() => checkTag(plan(), "v1"))).toBe(10079);
    expect(codeOf(() => checkTag(plan("v1"), undefined))).toBe(10079);
    for (const [given, live] of [
      [undefined, undefined],
      ["", undefined],
      ["v1", "v1"],
    ]) {
      expect(codeOf(() => checkTag(plan(given), live))).toBeUndefined();
    }
  });

  it("reads the form with steps and the form of a single one alike", () => {
    const step = { new_sqlite_classes: ["A"] };
    const plan = { old_tag: undefined, new_tag: "v1", steps: [step] };
    expect(MigrationsInput.parse({ new_tag: "v1", steps: [step] })).toEqual(plan);
    expect(MigrationsInput.parse({ new_tag: "v1", ...step })).toEqual(plan);
  });
});
