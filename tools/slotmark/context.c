// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tools/slotmark/context.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "tools/slotmark/command.h"

// BUILD_TYPE is of what times: of an object that was built elsewhere nobody can tell.
#ifdef NDEBUG
#define BUILD_TYPE "release"
#else
#define BUILD_TYPE "debug"
#endif

#ifdef __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

// find_cpu writes the model of the first processor, or what kind it is where Linux tells no model.
static void find_cpu(const struct utsname *system, char *text, size_t size) {
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "r");
    snprintf(text, size, "%s", system->machine);
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) == 0 && colon != NULL) {
            line[strcspn(line, "\n")] = '\0';
            snprintf(text, size, "%s", colon + 1 + strspn(colon + 1, " "));
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

cJSON *sm_context_add(cJSON *report, const char *machine, const char *revision) {
    char text[512];
    double loads[3];
    time_t now = time(NULL);
    struct tm local;
    struct utsname system = {.sysname = ""};
    cJSON *context = cJSON_AddObjectToObject(report, "context");
    uname(&system);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", localtime_r(&now, &local));
    cJSON_AddStringToObject(context, "date", text);
    cJSON_AddStringToObject(context, "host_name", machine != NULL ? machine : system.nodename);
    cJSON_AddStringToObject(context, "executable", "slotmark bench");
    cJSON_AddStringToObject(context, "version", SM_VERSION);
    cJSON_AddStringToObject(context, "revision", revision != NULL ? revision : "");
    cJSON_AddStringToObject(context, "compiler", COMPILER);
    snprintf(text, sizeof text, "%s %s %s", system.sysname, system.release, system.machine);
    cJSON_AddStringToObject(context, "system", text);
    find_cpu(&system, text, sizeof text);
    cJSON_AddStringToObject(context, "cpu", text);
    cJSON_AddNumberToObject(context, "num_cpus", sm_processors());
    cJSON_AddItemToObject(context, "load_avg", cJSON_CreateDoubleArray(loads, getloadavg(loads, 3) == 3 ? 3 : 0));
    cJSON_AddStringToObject(context, "library_build_type", BUILD_TYPE);
    cJSON_AddNumberToObject(context, "json_schema_version", 1);
    return context;
}

void sm_context_warn(void) {
    if (strcmp(BUILD_TYPE, "debug") == 0) {
        sm_complain("warning: what times has not been optimised in this build; use bazel run -c opt //:slotmark");
    }
    double load;
    if (getloadavg(&load, 1) == 1 && load > sm_processors() / 2.0) {
        sm_complain("warning: the machine is busy, with a load of %.1f on %u processors", load, sm_processors());
    }
    char governor[32] = "performance\n";
    FILE *file = fopen("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "r");
    if (file != NULL) {
        if (fgets(governor, sizeof governor, file) != NULL && strcmp(governor, "performance\n") != 0) {
            governor[strcspn(governor, "\n")] = '\0';
            sm_complain("warning: processors change their frequency (governor %s)", governor);
        }
        fclose(file);
    }
}
