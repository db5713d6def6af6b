#!/usr/bin/env node
/** The program is loaded from here, so that a machine that has not enough of something for that is told so in words. */
try {
  const { run } = await import("./program.js");
  // Whoever reads us may have seen enough, such as head: that is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
  process.exitCode = await run(process.argv.slice(2));
} catch (thrown) {
  const { code, message } = thrown as NodeJS.ErrnoException;
  const ways: Record<string, string> = {
    EMFILE: "this process may not open enough files; allow more, such as by ulimit -n 1024",
    ENFILE: "the system has too many files open; close other programs, or try again later",
    ENOMEM: "there is not enough memory; close other programs, or allow this one more",
    EACCES: "a file of the program may not be read; install it anew",
    ENOENT: "a file of the program is missing; install it anew",
    // Node says the same where it may not open a part of the program.
    ERR_MODULE_NOT_FOUND:
      "a part of the program is missing, or this process may not open enough files; install it anew with npm ci, " +
      "or allow more files, such as by ulimit -n 1024",
  };
  const way = code && ways[code];
  if (!way) throw thrown;
  process.stderr.write(`spectrastain cannot start: ${way} (${message})\n`);
  process.exitCode = 1;
}
