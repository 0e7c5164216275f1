/**
 * Runs in a process of its own, on the image's V8 options: what making one page costs, without a model and without HTTP.
 * Its argument is a store's folder. Prints one JSON object: for each kind of work the milliseconds of the median run and, with `--expose-gc`, the MiB it allocates.
 */
import { readPage } from "../../runtime/container/html/page";
import { render, templateLayout } from "../../runtime/page";
import { htmlPage, HTML_BYTES, loadShop, personaOf } from "./pages";

const RUNS = 60;
const WARM_UP = 30;

function run(): void {
  const shop = loadShop(process.argv[2]!);
  const { products } = shop.catalogue;
  const layout = templateLayout({ persona: personaOf("explorer"), products, brand: shop.brand, shopName: shop.name });
  const answer = JSON.stringify({ html: htmlPage(shop, HTML_BYTES), components: [] });
  const limits = { persona: "explorer", productIds: new Set(products.map(({ id }) => id)) } as const;
  const work = {
    render: () => render({ layout, shop, products, page: { source: "model" } }).html,
    sanitise: () => readPage(answer, { persona: "explorer", shop, products, page: { source: "model" } }, limits).html,
  };
  const measured = Object.entries(work).map(([name, once]) => [name, { ...measure(once), page_bytes: once().length }]);
  process.stdout.write(JSON.stringify(Object.fromEntries(measured)));
}

function measure(once: () => string): { ms: number; mib: number | undefined } {
  for (let index = 0; index < WARM_UP; index++) once();
  const times: number[] = [];
  const sizes: number[] = [];
  for (let index = 0; index < RUNS; index++) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const begun = performance.now();
    once();
    times.push(performance.now() - begun);
    sizes.push((process.memoryUsage().heapUsed - before) / 1024 ** 2);
  }
  return { ms: middle(times), mib: globalThis.gc === undefined ? undefined : middle(sizes) };
}

const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

run();
