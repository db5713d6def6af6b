import { join } from "node:path";
import { Command } from "commander";
import { claimingFolder } from "../../cube/claim-folder.js";
import { demo as runDemo } from "../../pipeline/demo.js";
import { addCommon, type CommonOptions, type PathsFlag, pathsOption } from "../common.js";
import { interruptible } from "../interrupt.js";
import { sayStains, sayValidation } from "../say-findings.js";
import { sayCases, sayStudy } from "../say-study.js";
import { talk } from "../talk.js";

interface Options extends CommonOptions, PathsFlag {
  readonly out: string;
}

/** spectrastain demo */
export function demo(): Command {
  const command = new Command("demo")
    .description(
      "simulated tissue through every step: validation by patient, model, stain of held-out patients, diagnosis, report",
    )
    .addHelpText("after", "\nExample:\n  spectrastain demo --out demo        then open demo/report.html")
    .option("--out <folder>", "folder for everything that is written", "demo");
  return addCommon(command.addOption(pathsOption())).action(async (options: Options) => {
    const say = talk(options);
    const findings = await interruptible((signal) =>
      claimingFolder(options.out, () => runDemo(options.out, { ...options, ...say, signal })),
    ).finally(say.end);
    say.result("simulated data; research use only");
    sayValidation(findings, say);
    sayStains({ ...findings, stamps: [] }, say);
    sayStudy({ ...findings, stamps: [] }, say);
    sayCases({ ...findings, stamps: [], failures: [] }, say);
    say.result(`findings    ${join(options.out, "findings.json")}`);
    say.result(`report      ${join(options.out, "report.html")}`);
    say.data({
      out: options.out,
      origin: findings.origin,
      validation: findings.validation,
      stains: findings.stains,
      study: findings.study,
      cases: findings.cases,
    });
  });
}
