import type { MilSpec } from "../cube/mil.js";
import { cnnEncoder } from "./encode-cnn.js";
import { resnextEncoder } from "./encode-resnext.js";
import type { Encoder } from "./encoder.js";
import { featuresEncoder } from "./features-encoder.js";
import type { Tensorflow } from "./open-backend.js";

/** The encoder of a spec for patches of some shape: `[features]`, or `[size, size, channels]`. */
export function encoderOf(tf: Tensorflow, spec: MilSpec, shape: readonly number[]): Encoder {
  if (spec.encoder === "features") return featuresEncoder(tf, shape[0], spec.hidden);
  return spec.encoder === "cnn" ? cnnEncoder(tf, shape[2]) : resnextEncoder(tf, shape[2]);
}
