import { readFileSync, writeFileSync } from "node:fs";
import { ready } from "h5wasm/node";
import { createHdf5 } from "#hdf5/create";

/** A message in a version 1 object header. */
export interface Message {
  readonly kind: number;
  /** Of its body; its head of 8 bytes is before it. */
  readonly at: number;
  readonly size: number;
}

/**
 * Write a file with one contiguous float32 dataset and an axis, then let `edit` change the messages of its header and append what they
 * point at: for what neither h5wasm nor this package can write. Format: HDF5 File Format Specification 3.0.
 */
export async function writeEdited(
  path: string,
  dataset: string,
  shape: number[],
  axis: Float64Array,
  edit: (bytes: Buffer, messages: readonly Message[], append: (block: Uint8Array) => number) => void,
): Promise<void> {
  await createHdf5(path, (file) => {
    file.dataset(dataset, { shape, type: "float32" });
    file.put("/wavenumbers", axis);
  });
  const module = await ready;
  const id = module.open(path, module.H5F_ACC_RDONLY, false);
  const header = Number(Buffer.from(module.create_object_reference(id, dataset)).readBigUInt64LE());
  module.close_file(id);

  const bytes = readFileSync(path);
  const messages: Message[] = [];
  const end = header + 16 + bytes.readUInt32LE(header + 8);
  for (let at = header + 16; at + 8 <= end; at += 8 + bytes.readUInt16LE(at + 2)) {
    messages.push({ kind: bytes.readUInt16LE(at), at: at + 8, size: bytes.readUInt16LE(at + 2) });
  }
  const blocks: Uint8Array[] = [];
  let length = Math.ceil(bytes.length / 8) * 8;
  blocks.push(new Uint8Array(length - bytes.length));
  edit(bytes, messages, (block) => {
    const at = length;
    blocks.push(block, new Uint8Array((8 - (block.length % 8)) % 8));
    length += Math.ceil(block.length / 8) * 8;
    return at;
  });
  // The superblock, version 0, says at 40 where the file ends.
  bytes.writeBigUInt64LE(BigInt(length), 40);
  writeFileSync(path, Buffer.concat([bytes, ...blocks]));
}

/** The message of a kind, which must be there and long enough. */
export function messageOf(messages: readonly Message[], kind: number, size: number): Message {
  const found = messages.find((message) => message.kind === kind && message.size >= size);
  if (!found) throw new Error(`no message ${kind} of ${size} bytes among ${JSON.stringify(messages)}`);
  return found;
}
