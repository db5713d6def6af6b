import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";
import type { Tensorflow } from "./open-backend.js";

/**
 * Give the wasm backend the one kernel that training a convolution lacks there, the gradient of its filter; other backends have it.
 * What each place (i, j) of the filter has met is turned and stacked, a column a pixel of the output; that matrix times the gradient of the
 * output is the gradient of the filter. Of the padded image every `stride`-th pixel is taken by cutting it into `stride` × `stride` phases
 * first: the library's own strided slice takes ten times as long as all the rest, and its product of a turned matrix as well.
 */
export function registerFilterGradient(tf: Tensorflow): void {
  const known = tf.getKernel("Conv2DBackpropFilter", "wasm");
  if (known) return;
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => {
      // What is called TensorInfo are the tensors themselves.
      const { x, dy } = inputs as unknown as { x: Tensor4D; dy: Tensor4D };
      const { strides, pad, dimRoundingMode, filterShape, dataFormat } = attrs as unknown as {
        strides: number | [number, number];
        pad: "valid" | "same" | number;
        dimRoundingMode?: "floor" | "round" | "ceil";
        filterShape: [number, number, number, number];
        dataFormat?: string;
      };
      if (dataFormat !== undefined && dataFormat !== "NHWC")
        throw new Error(`images of order ${dataFormat} have no gradient here`);
      const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
      // Everything in a tidy, so that only the answer is left over.
      return tf.tidy(() => {
        const { top, bottom, left, right } = info.padInfo;
        const padded = tf.pad4d(x, [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ]);
        const { batchSize, filterHeight, filterWidth, outHeight, outWidth, inChannels, strideHeight, strideWidth } =
          info;
        const phase = phasesOf(tf, padded, strideHeight, strideWidth);
        const met: Tensor2D[] = [];
        for (let i = 0; i < filterHeight; i++) {
          for (let j = 0; j < filterWidth; j++) {
            const from = [0, Math.floor(i / strideHeight), Math.floor(j / strideWidth), 0];
            const size = [batchSize, outHeight, outWidth, inChannels];
            const seen = tf.slice(phase(i % strideHeight, j % strideWidth), from, size);
            met.push(tf.transpose(tf.reshape(seen, [-1, inChannels])) as Tensor2D);
          }
        }
        const rows = met.length > 1 ? tf.concat(met, 0) : met[0];
        const flat = tf.reshape(dy, [-1, info.outChannels]);
        return tf.reshape(tf.matMul(rows, flat as Tensor2D), filterShape);
      });
    },
  });
}

/** Every `down`-th row and `across`-th column of images, from a place within the first of them on, each cut out once. */
function phasesOf(
  tf: Tensorflow,
  images: Tensor4D,
  down: number,
  across: number,
): (row: number, col: number) => Tensor4D {
  const [batch, height, width, channels] = images.shape;
  const rows = Math.ceil(height / down);
  const cols = Math.ceil(width / across);
  if (down === 1 && across === 1) return () => images;
  const whole = tf.pad4d(images, [
    [0, 0],
    [0, rows * down - height],
    [0, cols * across - width],
    [0, 0],
  ]);
  const split = tf.reshape(whole, [batch * rows, down, cols, across * channels]);
  const found = new Map<number, Tensor4D>();
  return (row, col) => {
    const known = found.get(row * across + col);
    if (known) return known;
    const cut = tf.slice(split, [0, row, 0, col * channels], [batch * rows, 1, cols, channels]);
    const phase = tf.reshape(cut, [batch, rows, cols, channels]) as Tensor4D;
    found.set(row * across + col, phase);
    return phase;
  };
}
