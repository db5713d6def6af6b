import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { Tensorflow } from "./open-backend.js";

/**
 * Give the wasm backend the one kernel that training a convolution lacks there, the gradient of its filter; other backends have it.
 * For each place (i, j) of the filter the pixels that it has met are picked by a strided slice of the padded image, and their product
 * with the gradient of the output, over all pixels of all images, is that part of the gradient: k² products in all.
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
        const flat = tf.reshape(dy, [-1, info.outChannels]);
        const parts = [];
        for (let i = 0; i < info.filterHeight; i++) {
          for (let j = 0; j < info.filterWidth; j++) {
            const end = [
              info.batchSize,
              i + (info.outHeight - 1) * info.strideHeight + 1,
              j + (info.outWidth - 1) * info.strideWidth + 1,
              info.inChannels,
            ];
            const met = tf.stridedSlice(padded, [0, i, j, 0], end, [1, info.strideHeight, info.strideWidth, 1]);
            parts.push(tf.matMul(tf.reshape(met, [-1, info.inChannels]), flat, true, false));
          }
        }
        return tf.reshape(tf.stack(parts), filterShape);
      });
    },
  });
}
