import { Directory } from "../../../../runtime/worker/stores/directory";

const MINUTE = 60_000;

test("a store is found by its domain for a minute, and a new one after five seconds", async () => {
  let domains: Record<string, string> = { "tea.myshopify.com": "tea" };
  let readings = 0;
  const directory = new Directory();
  const find = (domain: string, now: number) =>
    directory.find(
      domain,
      async () => {
        readings++;
        return new Map(Object.entries(domains));
      },
      now,
    );

  expect(await find("tea.myshopify.com", 0)).toBe("tea");
  domains = { "new.myshopify.com": "new" };
  expect(await find("new.myshopify.com", 4_999)).toBeUndefined();
  expect(await find("tea.myshopify.com", MINUTE - 1)).toBe("tea");
  expect(readings).toBe(1);
  expect(await find("new.myshopify.com", 5_000)).toBe("new");
  expect(await find("tea.myshopify.com", 5_001)).toBeUndefined();
  expect(readings).toBe(2);
  expect(await find("new.myshopify.com", 5_000 + MINUTE)).toBe("new");
  expect(readings).toBe(3);
});

test("a clock that was set back keeps no new store from being found", async () => {
  const directory = new Directory();
  await directory.find("tea.myshopify.com", async () => new Map(), 3_600_000);
  const found = directory.find("tea.myshopify.com", async () => new Map([["tea.myshopify.com", "tea"]]), 0);
  expect(await found).toBe("tea");
});

test("what is known outlives a reading that fails", async () => {
  const directory = new Directory();
  await directory.find("tea.myshopify.com", async () => new Map([["tea.myshopify.com", "tea"]]), 0);
  const broken = () => Promise.reject(new Error("KV is away"));
  await expect(directory.find("new.myshopify.com", broken, 6_000)).rejects.toThrow("KV is away");
  expect(await directory.find("tea.myshopify.com", broken, 7_000)).toBe("tea");
});
