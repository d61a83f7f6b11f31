/* The floor: what receiving one datagram and sending it on F times costs in C, without encryption or thought.
 * Prints the CPU microseconds (user and system) per received datagram. Usage: floor FAN_OUT SIZE COUNT BURST */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static double cpu_us(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

static int bound(struct sockaddr_in *address) {
    socklen_t size = sizeof *address;
    int fd = socket(AF_INET, SOCK_DGRAM, 0), buffer = 1 << 21;
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    if (fd < 0 || bind(fd, (struct sockaddr *)address, size) || getsockname(fd, (struct sockaddr *)address, &size)) exit(1);
    return fd;
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    int fan_out = atoi(argv[1]), size = atoi(argv[2]), count = atoi(argv[3]), burst = atoi(argv[4]);
    struct sockaddr_in here, there[64];
    char packet[2048] = {0};
    int server = bound(&here), publisher = socket(AF_INET, SOCK_DGRAM, 0);
    if (fan_out > 64 || size > 2048) return 2;
    for (int viewer = 0; viewer < fan_out; viewer++) bound(&there[viewer]);
    double spent = 0;
    for (int done = 0; done < count; done += burst) {
        for (int n = 0; n < burst; n++) sendto(publisher, packet, size, 0, (struct sockaddr *)&here, sizeof here);
        double began = cpu_us();
        for (int n = 0; n < burst; n++) {
            ssize_t got = recv(server, packet, sizeof packet, 0);
            for (int viewer = 0; viewer < fan_out; viewer++)
                sendto(server, packet, got, 0, (struct sockaddr *)&there[viewer], sizeof there[viewer]);
        }
        spent += cpu_us() - began;
    }
    printf("%.2f\n", spent / count);
    return 0;
}
