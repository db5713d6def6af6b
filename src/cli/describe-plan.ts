import type { DescribedPlan } from "../pipeline/describe-plan.js";

/** What `inspect --plan` prints: a pass a line, and what they come to. */
export function sayPlan({ pipeline, passes, memoryPasses }: DescribedPlan): string[] {
  const lines = passes.map(({ pass, does, bandsIn, bandsOut, operations }, i) => {
    const bands = bandsIn === bandsOut ? `${bandsIn}` : `${bandsIn} → ${bandsOut}`;
    const cost = operations === undefined ? "depends on the spectrum" : `${operations} operations`;
    return `  ${i + 1}. ${pass.padEnd(8)} ${does}; ${bands} ${pass === "project" ? "scores" : "bands"}, ${cost}`;
  });
  const counted = passes.reduce((sum, { operations = 0 }) => sum + operations, 0);
  const more = passes.some(({ operations }) => operations === undefined) ? " or more" : "";
  const times = memoryPasses === 1 ? "once" : `${memoryPasses} times`;
  return [
    `plan        of ${pipeline}, a spectrum:`,
    ...lines,
    `  in all ${passes.length} passes in the cache, from memory ${times}; ${counted} operations${more}, before the forest`,
  ];
}
