import { Edge } from "./harness";
import { Client } from "./support/socket";
import { storeRecord } from "./support/store";

const edge = new Edge();
const STORE = "magic-wands";
const SHOPPERS = Array.from({ length: 100 }, (_, index) => `shopper-${index}`);
const SOCKETS_EACH = 10;

beforeAll(async () => {
  await edge.start();
  await edge.putStore(storeRecord(STORE));
});
afterAll(() => edge.stop());

describe("a thousand WebSockets at once", () => {
  it("are open, and each shopper's hear what is theirs and nothing else", async () => {
    const opened: { shopper: string; clients: Client[] }[] = [];
    for (const shopper of SHOPPERS) {
      const one = (): Promise<Client> => Client.open(edge, `store=${STORE}&shopper=${shopper}`);
      opened.push({ shopper, clients: await Promise.all(Array.from({ length: SOCKETS_EACH }, one)) });
    }
    const shoppers = await edge.mf.getDurableObjectNamespace("SHOPPER");
    const tell = async (shopper: string, percent: number): Promise<void> => {
      const object = shoppers.get(shoppers.idFromName(`${STORE}:${shopper}`)) as unknown as {
        progress(name: unknown, progress: unknown): Promise<void>;
      };
      await object.progress({ store: STORE, shopper }, { status: "generating", progress_percent: percent });
    };
    await Promise.all(SHOPPERS.map((shopper, index) => tell(shopper, index)));
    const heard = await Promise.all(
      opened.flatMap(({ clients }, index) =>
        clients.map(async (client) => {
          await client.event("generation_progress");
          await client.caughtUp();
          return client.heard.every(({ data }) => data["progress_percent"] === index) && client.heard.length === 1;
        }),
      ),
    );
    expect(heard).toHaveLength(1_000);
    expect(heard.every(Boolean)).toBe(true);
    await Promise.all(opened.flatMap(({ clients }) => clients.map((client) => client.close())));
  });
});
