import { dataProtectedInProd } from "../../policies/rules/dataProtectedInProd";
import { r2LifecycleSet } from "../../policies/rules/r2LifecycleSet";
import { TYPES } from "../../policies/rules/types";
import { judgeStack } from "./judge";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("r2-lifecycle-set", () => {
  const bucket = { type: TYPES.bucket, name: "pages", props: { name: "wandstore-dev-generated-ui" } };
  const rule = { id: "expire", enabled: true, deleteObjectsTransition: { condition: { type: "Age", maxAge: 1 } } };
  const lifecycle = (props: Record<string, unknown>) => ({
    type: TYPES.bucketLifecycle,
    props: { bucketName: "wandstore-dev-generated-ui", rules: [rule], ...props },
  });

  test.each([{}, { bucketName: UNKNOWN }])("a bucket with a lifecycle (%j) is fine", async (props) => {
    expect(await judgeStack(r2LifecycleSet, [bucket, lifecycle(props)])).toEqual([]);
  });

  test.each([
    { bucketName: "wandstore-dev-generated-ui-2" },
    { rules: [{ ...rule, enabled: false }] },
    { rules: [{ id: "expire", enabled: true }] },
    { rules: [] },
  ])("a bucket whose lifecycle is %j is refused", async (props) => {
    expect(await judgeStack(r2LifecycleSet, [bucket, lifecycle(props)])).toEqual([[expect.any(String), "pages"]]);
  });

  test("a bucket without one is refused, a stack without a bucket is not", async () => {
    expect(await judgeStack(r2LifecycleSet, [bucket])).toHaveLength(1);
    expect(await judgeStack(r2LifecycleSet, [])).toEqual([]);
  });
});

describe("data-protected-in-prod", () => {
  const stack = (environment: string, protect: boolean) => [
    {
      type: TYPES.workerVersion,
      props: { bindings: [{ type: "plain_text", name: "ENVIRONMENT", text: environment }] },
    },
    ...[TYPES.kvNamespace, TYPES.database, TYPES.bucket, TYPES.worker].map((type) => ({
      type,
      name: type,
      props: {},
      protect,
    })),
    { type: TYPES.bucketLifecycle, name: "lifecycle", props: {} },
  ];

  test("what holds data is protected in prod, and only there it has to be", async () => {
    expect(await judgeStack(dataProtectedInProd, stack("prod", true))).toEqual([]);
    expect(await judgeStack(dataProtectedInProd, stack("staging", false))).toEqual([]);
  });

  test("each that is not is named", async () => {
    const found = await judgeStack(dataProtectedInProd, stack("prod", false));
    expect(found.map(([, name]) => name)).toEqual([TYPES.kvNamespace, TYPES.database, TYPES.bucket, TYPES.worker]);
  });
});
