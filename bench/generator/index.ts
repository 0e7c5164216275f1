import { execFileSync } from "node:child_process";
import { availableParallelism, loadavg } from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import { median, round3 } from "../figures";
import { makePages } from "./load";
import { startModel } from "./model";
import { loadShop, pagesOf, STORE, type Pages } from "./pages";
import { readImage, startGenerator, type Generator, type Image } from "./process";

const LATENCY_MS = 1000;
const CONCURRENCIES = [4, 8, 16, 32, 64];
const THROUGHPUT_WANTED = 0.9;

/** What a queue's member has under way at once, by default. */
const MEMORY_CONCURRENCY = 4;
/** A model that answers at once would make it a bench of the processor; at a second a thousand pages take four minutes. */
const MEMORY_LATENCY_MS = 100;
const MEMORY_WANTED_MIB = 160;
/** Of the last third of the pages over the middle third; what is less is V8 choosing its moments. */
const GROWTH_ALLOWED = 1.05;
const SAMPLES = 150;

const STARTS = 5;
const START_WANTED_MS = 1500;

export interface BenchOptions {
  /** Pages for each measurement of memory. */
  pages: number;
  /** Length of each measurement of throughput, seconds; each lane makes about a page in one. */
  seconds: number;
}

/** The generator's process as its image runs it, against a model that takes the same time for every answer. */
export async function benchGenerator({ pages, seconds }: BenchOptions): Promise<object> {
  const material = pagesOf(loadShop(STORE));
  const image = readImage();
  try {
    const coldStart = await measureStarts(image);
    const work = measureWork(image);
    const throughput = await measureThroughput(image, material, seconds);
    const memory = {
      layout: await measureMemory(image, material, "layout", pages),
      html: await measureMemory(image, material, "html", pages),
    };
    return {
      bench: "generator",
      machine: { cpus: availableParallelism(), load: loadavg()[0], node: process.version },
      pages,
      seconds,
      node_options: v8OptionsOf(image),
      throughput,
      memory,
      cold_start_ms: coldStart,
      work,
    };
  } finally {
    image.remove();
  }
}

async function measureStarts(image: Image): Promise<object> {
  const { NODE_COMPILE_CACHE: _cache, ...without } = image.env;
  await startOnce(image); // fills the cache, as the image's first stage does
  const each: { cached: number[]; uncached: number[] } = { cached: [], uncached: [] };
  for (let round = 1; round <= STARTS; round++) {
    each.cached.push(await startOnce(image));
    each.uncached.push(await startOnce({ ...image, env: without }));
  }
  say("cold start", `${median(each.cached)} ms, without the compile cache ${median(each.uncached)} ms`);
  return { with_compile_cache: startFigure(each.cached), without: startFigure(each.uncached) };
}

async function startOnce(image: Image): Promise<number> {
  const generator = await startGenerator(image);
  await generator.stop();
  return Math.round(generator.startMs);
}

async function measureThroughput(image: Image, { bodies, answers }: Pages, seconds: number): Promise<object> {
  const model = await startModel(answers.layout, LATENCY_MS);
  const provider = { kind: "kimi", model: "kimi-k2.6", baseUrl: model.openAiUrl };
  const generator = await startGenerator(image, { ...modelsOf(provider), LOG_LEVEL: "info" });
  try {
    const { origin } = generator;
    const load = { origin, bodies: bodies.layout, latencyMs: LATENCY_MS };
    await makePages({ ...load, concurrency: MEMORY_CONCURRENCY }, 2); // warms up
    const figures: [name: string, figure: object][] = [];
    for (const concurrency of CONCURRENCIES) {
      const each = Math.max(1, Math.round(seconds));
      const cpuBefore = generator.cpuMs();
      const { laneMs } = await makePages({ ...load, concurrency }, each);
      const cpuMs = (generator.cpuMs() ?? NaN) - (cpuBefore ?? NaN);
      const perSecond = laneMs.reduce((sum, ms) => sum + (each * 1000) / ms, 0);
      const ratio = round3(perSecond / (concurrency / (LATENCY_MS / 1000)));
      say(`concurrency ${concurrency}`, `${perSecond.toFixed(1)} pages/s, ${ratio} of what the model allows`);
      figures.push([
        String(concurrency),
        {
          ratio,
          wanted: THROUGHPUT_WANTED,
          met: ratio >= THROUGHPUT_WANTED,
          pages_per_second: round3(perSecond),
          // Says on a busy machine, too, what the processor would allow.
          cpu_ms_per_page: round3(cpuMs / (each * concurrency)),
        },
      ]);
    }
    return Object.fromEntries(figures);
  } finally {
    await generator.stop();
    await model.close();
  }
}

async function measureMemory(
  image: Image,
  { bodies, answers }: Pages,
  format: "layout" | "html",
  pages: number,
): Promise<object> {
  const model = await startModel(answers[format], MEMORY_LATENCY_MS);
  // Each format with the SDK that the other did not load.
  const provider =
    format === "layout"
      ? { kind: "kimi", model: "kimi-k2.6", baseUrl: model.openAiUrl }
      : { kind: "claude", model: "claude-haiku-5-5", baseUrl: model.anthropicUrl };
  const generator = await startGenerator(image, modelsOf(provider));
  try {
    const samples = [generator.rss()];
    const load = { origin: generator.origin, bodies: bodies[format], latencyMs: MEMORY_LATENCY_MS };
    await makePages(
      { ...load, concurrency: MEMORY_CONCURRENCY },
      Math.ceil(pages / MEMORY_CONCURRENCY),
      sampler(generator, samples, pages),
    );
    const third = Math.floor(samples.length / 3);
    const [middle, last] = [samples.slice(third, 2 * third), samples.slice(-third)].map(median) as [number, number];
    const growth = round3(last / middle);
    say(
      `memory, ${format}`,
      `${last.toFixed(1)} MiB in the last third of ${pages} pages, at most ${Math.max(...samples).toFixed(1)}`,
    );
    return {
      rss_mib: {
        most: round3(Math.max(...samples)),
        wanted: MEMORY_WANTED_MIB,
        met: Math.max(...samples) < MEMORY_WANTED_MIB,
      },
      growth: { ratio: growth, wanted: GROWTH_ALLOWED, met: growth <= GROWTH_ALLOWED },
      idle_mib: round3(samples[0]!),
      middle_third_mib: round3(middle),
      last_third_mib: round3(last),
    };
  } finally {
    await generator.stop();
    await model.close();
  }
}

/** Takes a sample at every so many pages. */
function sampler(generator: Generator, samples: number[], pages: number): () => void {
  const every = Math.max(1, Math.floor(pages / SAMPLES));
  let done = 0;
  return () => {
    if (++done % every === 0) samples.push(generator.rss());
  };
}

/** Time on the image's own options; what is allocated with a young generation so large that nothing is collected meanwhile. */
function measureWork(image: Image): object {
  const file = path.join(image.folder, "work.js");
  buildSync({
    entryPoints: [path.join(__dirname, "work.ts")],
    outfile: file,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
  });
  const run = (options: string): Record<string, { ms: number; mib?: number; page_bytes: number }> =>
    JSON.parse(
      execFileSync(process.execPath, [...options.split(" "), file, STORE], { encoding: "utf8", timeout: 120_000 }),
    ) as ReturnType<typeof run>;
  const times = run(v8OptionsOf(image));
  const sizes = run("--expose-gc --min-semi-space-size=128 --max-semi-space-size=128");
  const figures = Object.entries(times).map(([name, { ms, page_bytes }]) => {
    const mib = sizes[name]?.mib ?? NaN;
    say(name, `${ms.toFixed(1)} ms, ${mib.toFixed(1)} MiB allocated`);
    return [name, { ms: round3(ms), mib: round3(mib), page_bytes }];
  });
  return Object.fromEntries(figures) as object;
}

/** What the image's Node is told, by its environment and on its command line. */
const v8OptionsOf = ({ env, command }: Image): string =>
  [env.NODE_OPTIONS ?? "", ...command.slice(1, -1)].filter(Boolean).join(" ");

const modelsOf = (provider: object): Record<string, string> => ({
  LLM_PROVIDERS: JSON.stringify([provider]),
  KIMI_API_KEY: "sk-bench",
  CLAUDE_API_KEY: "sk-bench",
});

const say = (what: string, text: string): void => void process.stderr.write(`${what.padEnd(16)} ${text}\n`);

const startFigure = (rounds: number[]): object => {
  const ms = median(rounds);
  return { ms, wanted: START_WANTED_MS, met: ms < START_WANTED_MS, rounds };
};
