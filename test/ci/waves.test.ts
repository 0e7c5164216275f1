import { wavesOf } from "../../bin/ci/commands/stacks";

const shops = (count: number): string[] => Array.from({ length: count }, (_, at) => `shop-${at}`);

it.each([
  [0, 10, 0, 0],
  [1, 10, 1, 0],
  [10, 10, 1, 9],
  [11, 10, 2, 9],
  [100, 10, 10, 90],
  [5, 100, 5, 0],
])("%d shops with a first wave of %d %% are %d and %d", (count, percent, first, rest) => {
  const waves = wavesOf(shops(count), percent);
  expect([waves.first.length, waves.rest.length]).toEqual([first, rest]);
  expect([...waves.first, ...waves.rest]).toEqual(shops(count));
});

it.each([0, -1, 101, Number.NaN])("a wave of %d %% is refused", (percent) => {
  expect(() => wavesOf(shops(3), percent)).toThrow(/from 1 to 100 percent/);
});

it("a wave that is too long for a matrix is refused", () => {
  expect(() => wavesOf(shops(300), 1)).toThrow(/"rest" has 297 shops, and a matrix takes 256/);
  expect(wavesOf(shops(280), 10).rest).toHaveLength(252);
});
