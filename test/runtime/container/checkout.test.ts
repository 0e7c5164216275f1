import { GenerateRequestSchema } from "../../../runtime/contract/generate";
import { toShopFace } from "../../../runtime/container/generation/product";
import { generateRequest } from "../../../runtime/worker/pool/generateRequest";
import { BRANDS, persona, product } from "../page/fixtures";

jest.mock("../../../runtime/worker/assets", () => ({ scriptUrl: "/assets/wand-0.js" }));

type Store = Parameters<typeof generateRequest>[1];
type Job = Parameters<typeof generateRequest>[0];

const store = (checkout?: Store["checkout"]): Store =>
  ({
    slug: "tea",
    name: "Tea",
    locale: "en",
    shop_url: "https://tea.example",
    brand: BRANDS.natural,
    catalogue: { version: "0123456789abcdef", products: [product({ id: "tea" })] },
    ...(checkout && { checkout }),
  }) as Store;
const job = {
  subject: "alice",
  persona: persona("explorer"),
  persona_hash: "v1_explorer_80_0123abcd",
} as unknown as Job;

it.each([
  [{ kind: "permalink" } as const, { kind: "permalink" }],
  [{ kind: "cart", api: "https://tea.example/api" } as const, { kind: "cart" }],
  [undefined, undefined],
])("a generator is told how a shop sells, and nothing else of it: %j", (checkout, expected) => {
  const { shop } = GenerateRequestSchema.pick({ shop: true }).parse(generateRequest(job, store(checkout), {}));
  expect(shop.checkout).toEqual(expected);
  expect(toShopFace(shop).checkout).toEqual(expected);
});
