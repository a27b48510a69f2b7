/* The work of one step: write the first argument into the file named by the second. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 3) return 0;
  int file = open(argv[2], O_CREAT | O_WRONLY | O_TRUNC, 0644);
  if (file < 0) return 1;
  size_t length = strlen(argv[1]);
  return write(file, argv[1], length) == (ssize_t)length && close(file) == 0 ? 0 : 1;
}
