import { join } from "node:path";
import { Command, Option } from "commander";
import { claimingFolder } from "../../cube/claim-folder.js";
import { type BackendName, backendNames } from "../../diagnose/open-backend.js";
import { diagnoseCohort } from "../../pipeline/diagnose-cohort.js";
import { readMilModel } from "../../pipeline/mil-file.js";
import { checkResults, publish } from "../../pipeline/publish.js";
import { readEachBag } from "../../pipeline/read-bags.js";
import { readPaths } from "../../report/finding-paths.js";
import { readFindings } from "../../report/read-findings.js";
import { addCommon, type CommonOptions, type PathsFlag, pathsOption } from "../common.js";
import { interruptible } from "../interrupt.js";
import { sayCases } from "../say-study.js";
import { talk } from "../talk.js";

interface Options extends CommonOptions, PathsFlag {
  readonly out: string;
  readonly stain?: string;
  readonly backend: BackendName;
}

/** spectrastain diagnose */
export function diagnose(): Command {
  const command = new Command("diagnose")
    .description(
      "say benign or malignant of every bag, show where, and check it against the stain; writes maps and a report",
    )
    .addHelpText(
      "after",
      "\nA case that fails the quality gate gets no diagnosis; one whose stain and diagnosis disagree is said to be discordant.\n" +
        "\nExample:\n  spectrastain diagnose study/mil-model.h5 bags --stain maps --out cases\n" +
        "\nFiles in OUT: findings.json, report.html, and of every cube NAME.patches.geojson (QuPath), NAME.maps.ome.tif, NAME.patches.csv and pictures",
    )
    .argument("<model>", "a mil-model.h5 made by train-mil")
    .argument("<bags...>", "a folder written by bags, its bags.csv, or single bag files")
    .requiredOption("--out <folder>", "folder for the maps, findings.json and report.html")
    .option("--stain <folder>", "the folder of the stain: its maps and findings stand beside the diagnosis")
    .addOption(new Option("--backend <name>", "what computes the networks").choices([...backendNames]).default("auto"));
  return addCommon(command.addOption(pathsOption())).action(
    async (model: string, inputs: string[], options: Options) => {
      const say = talk(options);
      const findings = await interruptible(async (signal) => {
        const mil = await readMilModel(model);
        const { bags, unread } = await readEachBag(inputs, { ...say, signal });
        const stain =
          options.stain === undefined
            ? undefined
            : {
                folder: options.stain,
                findings: readPaths(await readFindings(join(options.stain, "findings.json")), options.stain),
              };
        return claimingFolder(options.out, async () => {
          checkResults(options.out, "diagnose");
          const parts = await diagnoseCohort(bags, mil, options.out, { ...options, ...say, signal, stain, unread });
          const how = {
            seed: options.seed,
            paths: options.paths,
            command: process.argv.slice(2),
            seconds: say.seconds,
          };
          return publish(options.out, "Stain and diagnosis", parts, how);
        });
      }).finally(say.end);
      sayCases(findings, say);
      say.result(`report      ${join(options.out, "report.html")}`);
      say.data({ out: options.out, stamps: findings.stamps, cases: findings.cases, failures: findings.failures });
      if (findings.failures?.length) process.exitCode = 1;
    },
  );
}
