/** Size of a block, in bytes. */
const BLOCK = 64 * 1024;
/** Maximum size of a response in a block. A larger one gets its own memory. */
const MAXIMUM = BLOCK / 4;

let block = Buffer.allocUnsafeSlow(BLOCK);
let used = 0;

/**
 * Allocates a buffer that is written completely and released after it is sent: its block is freed as a whole. Node.js takes only
 * buffers of less than 4 KiB from its pool; allocating others one by one is a tenth of a read.
 */
export function allocateResponse(size: number): Buffer {
  if (size > MAXIMUM) return Buffer.allocUnsafeSlow(size);
  if (used + size > BLOCK) {
    block = Buffer.allocUnsafeSlow(BLOCK);
    used = 0;
  }
  used += size;
  return block.subarray(used - size, used);
}
