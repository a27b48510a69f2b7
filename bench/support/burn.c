/* Keeps processors busy: `burn MS PROCESSES DUTY` uses MS milliseconds of processor time in each process, DUTY per cent of the time. */
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double used_ms(void) { return clock() * 1000.0 / CLOCKS_PER_SEC; }

static void burn(double ms, double duty) {
  double rested = 0;
  while (used_ms() < ms) {
    double worked = used_ms();
    if (duty >= 100 || worked * (100 - duty) / duty < rested + 5) continue;
    usleep(5000);
    rested += 5;
  }
}

int main(int argc, char **argv) {
  double ms = argc > 1 ? atof(argv[1]) : 0, duty = argc > 3 ? atof(argv[3]) : 100;
  int processes = argc > 2 ? atoi(argv[2]) : 1;
  for (int index = 1; index < processes; index++)
    if (fork() == 0) {
      burn(ms, duty);
      _exit(0);
    }
  burn(ms, duty);
  while (wait(NULL) > 0) {
  }
  return 0;
}
