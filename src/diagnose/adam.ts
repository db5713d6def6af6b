import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { Weights } from "../cube/mil.js";
import { power } from "../cube/power.js";
import type { Tensorflow } from "./open-backend.js";

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Adam over some variables. The library's own cannot be taken up again exactly: it restores its decays from a power in float32. */
export interface Adam {
  /** One step down the gradients, by the names of the variables in the library. */
  step(gradients: Readonly<Record<string, Tensor>>): void;
  /** Steps so far, and the two moments of every parameter. */
  state(): { readonly steps: number; readonly moments: Weights };
  dispose(): void;
}

/**
 * Adam as PyTorch has it: moments m and v with decays 0.9 and 0.999, p ← p − rate · m̂ / (√v̂ + 10⁻⁸), m̂ and v̂ without their bias towards 0;
 * weight decay is added to the gradient, as L2.
 * Source: Kingma and Ba 2015, arXiv 1412.6980.
 */
export function adam(
  tf: Tensorflow,
  parameters: Readonly<Record<string, Variable>>,
  { rate, decay }: { readonly rate: number; readonly decay: number },
  before?: ReturnType<Adam["state"]>,
): Adam {
  const names = Object.keys(parameters);
  let steps = before?.steps ?? 0;
  const moment = (kind: "m" | "v", p: number): Variable => {
    const variable = parameters[names[p]];
    const kept = before?.moments.tensors[2 * p + (kind === "m" ? 0 : 1)].values;
    return tf.tidy(() => tf.variable(kept ? tf.tensor(kept, variable.shape) : tf.zeros(variable.shape), false));
  };
  const first = names.map((_, p) => moment("m", p));
  const second = names.map((_, p) => moment("v", p));

  return {
    step(gradients) {
      steps++;
      const unbiased1 = 1 - power(BETA1, steps);
      const unbiased2 = 1 - power(BETA2, steps);
      tf.tidy(() => {
        for (const [p, name] of names.entries()) {
          const variable = parameters[name];
          const given = gradients[variable.name];
          // A weight that the loss does not reach stays.
          if (!given) continue;
          const gradient = tf.add(given, tf.mul(variable, decay));
          const m = tf.add(tf.mul(first[p], BETA1), tf.mul(gradient, 1 - BETA1));
          const v = tf.add(tf.mul(second[p], BETA2), tf.mul(tf.square(gradient), 1 - BETA2));
          const root = tf.add(tf.sqrt(tf.mul(v, 1 / unbiased2)), EPSILON);
          first[p].assign(m);
          second[p].assign(v);
          variable.assign(tf.sub(variable, tf.mul(tf.div(m, root), rate / unbiased1)));
        }
      });
    },
    state: () => ({
      steps,
      moments: {
        tensors: names.flatMap((name, p) =>
          [first[p], second[p]].map((of, i) => ({
            name: `${name}/${i ? "v" : "m"}`,
            shape: of.shape,
            values: Float32Array.from(of.dataSync()),
          })),
        ),
      },
    }),
    dispose() {
      for (const of of [...first, ...second]) of.dispose();
    },
  };
}
