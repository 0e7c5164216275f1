import * as pulumi from "@pulumi/pulumi";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStores, StoreCatalogue } from "../../../infra/components";
import { StorefrontStub } from "../../runtime/support/storefrontStub";
import { ACCOUNT, made } from "./program";

const TOKEN = "planted-token-4711";
const stub = new StorefrontStub({ products: [{ id: "1", handle: "tea", variants: [{ id: "11", price: "4.5" }] }] });
let endpoint = "";
let root = "";

const manifest = `name: Tea House
locale: en-IE
currency: EUR
shopUrl: https://tea.example
brand: { primaryColor: "#2F5D50", secondaryColor: "#C8674A", fontFamily: serif, tone: Calm. }
`;
const store = (slug: string, more: string, products?: string): void => {
  mkdirSync(join(root, slug));
  writeFileSync(join(root, slug, "store.yaml"), manifest + more);
  if (products !== undefined) writeFileSync(join(root, slug, "products.json"), products);
};

beforeAll(async () => (endpoint = await stub.listen()));
afterAll(() => stub.close());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stores-"));
  stub.asked.length = 0;
  store("online", `shopify: { domain: tea.example, endpoint: "${endpoint}" }\n`);
  store("file", "catalogue: products.json\n", '[{"id":"cup","title":"Cup","price":2}]');
  store("broken", "catalogue: products.json\n", "[");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const deploy = (slugs: string[], tokens?: string) =>
  made("dev", {}, async () => {
    const records = await readStores(root, slugs, tokens === undefined ? undefined : pulumi.secret(tokens));
    return new StoreCatalogue("catalogue", {
      settings: { accountId: ACCOUNT },
      storage: { namespaceIds: { STORES: pulumi.output("stores") } as never },
      records,
    });
  });

test("stores of files and of Shopify become an entry each, in the order of the stack", async () => {
  const { made: list } = await deploy(["online", "file"]);
  const products = list.map(({ name, inputs }) => [
    name,
    (JSON.parse(String(inputs["value"])) as { catalogue: { products: { id: string }[] } }).catalogue.products[0]?.id,
  ]);
  expect(products).toEqual([
    ["catalogue-file", "cup"],
    ["catalogue-online", "tea"],
  ]);
});

test("a shop's token goes to that shop and into no entry", async () => {
  stub.shop = { ...stub.shop, token: TOKEN };
  const { made: list } = await deploy(["online", "file"], `online=${TOKEN}, file=other`);
  expect(stub.asked.map(({ token }) => token)).toEqual([TOKEN]);
  expect(JSON.stringify(list)).not.toContain(TOKEN);
});

test("tokens for a store that is not there are refused, and not repeated", async () => {
  const failed = deploy(["online"], `onlien=${TOKEN}`);
  await expect(failed).rejects.toThrow("the stack's stores are online");
  await expect(failed).rejects.not.toThrow(TOKEN);
  expect(stub.asked).toEqual([]);
});

test("one store that cannot be read ends the program before it asks for anything", async () => {
  await expect(deploy(["online", "broken"])).rejects.toThrow(/products\.json: is not JSON/);
  stub.interfere = (_asked, _count, response) => response.writeHead(402).end() && true;
  await expect(deploy(["file", "online"])).rejects.toThrow(/the shop is frozen until its owner has paid/);
});
