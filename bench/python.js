import { existsSync } from "node:fs";

/** The Python that has Debian's numpy, scipy and scikit-learn; another may stand before it on the path. */
export const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
