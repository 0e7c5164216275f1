import { Wrangler } from "./support";

jest.setTimeout(180_000);

describe("wrangler r2", () => {
  let wrangler: Wrangler;
  beforeAll(async () => {
    wrangler = await Wrangler.start();
  });
  afterAll(() => wrangler.stop());

  it("makes, lists and tells of a bucket, with what it holds", async () => {
    await wrangler.ok("r2 bucket create pages");
    expect(await wrangler.ok("r2 bucket list")).toMatch(/name:\s+pages/);
    await wrangler.write("page.html", "<p>hello</p>");
    await wrangler.ok("r2 object put pages/a/b.html --file page.html --content-type text/html --remote");
    expect(await wrangler.json("r2 bucket info pages --json")).toMatchObject({
      name: "pages",
      object_count: "1",
      bucket_size: "12 B",
    });
    await wrangler.ok("r2 object get pages/a/b.html --file got.html --remote");
    expect(wrangler.read("got.html")).toBe("<p>hello</p>");
  });

  it("adds, lists and removes lifecycle rules", async () => {
    await wrangler.ok("r2 bucket lifecycle add pages old logs/ --expire-days 30 --force");
    const listed = await wrangler.ok("r2 bucket lifecycle list pages");
    expect(listed).toMatch(/name:\s+old\n/);
    expect(listed).toMatch(/Expire objects after 30 days/);
    await wrangler.ok("r2 bucket lifecycle remove pages --name old");
    const { body } = await wrangler.test.api("GET", `/accounts/${wrangler.test.accountId}/r2/buckets/pages/lifecycle`);
    expect((body.result as { rules: { id: string }[] }).rules.map(({ id }) => id)).toEqual([
      "Default Multipart Abort Rule",
    ]);
  });

  it("refuses to delete a bucket that is not empty, and deletes an empty one", async () => {
    expect(await wrangler.refused("r2 bucket delete pages")).toContain(
      "The bucket you tried to delete is not empty. [code: 10008]",
    );
    await wrangler.ok("r2 object delete pages/a/b.html --remote");
    await wrangler.ok("r2 bucket delete pages");
    expect(await wrangler.ok("r2 bucket list")).not.toContain("pages");
  });
});
