/**
 * Time named sides in turn, so that whatever else the machine does falls on all of them: one round to warm up, then `rounds`
 * in which every side runs once. A side that measures itself gives its seconds back; of any other the whole call is timed.
 * Gives for each side its seconds of all rounds and their median.
 */
export async function alternate(sides, rounds = 5) {
  const times = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries(sides)) {
      const start = performance.now();
      const own = await run();
      const seconds = typeof own === "number" ? own : (performance.now() - start) / 1000;
      if (round > 0) times[name].push(seconds);
    }
  }
  return Object.fromEntries(
    Object.entries(times).map(([name, seconds]) => [name, { seconds, median: median(seconds) }]),
  );
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
