// What the sanitizers' run-time libraries ask the program for at start. Compiled in, because the
// environment variables with the same meaning need an absolute path to a suppressions file.

extern "C" const char* __asan_default_options() {
  return "detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1";
}

extern "C" const char* __ubsan_default_options() { return "print_stacktrace=1:halt_on_error=1"; }

// Debian's libraries are not instrumented, so TSan sees their memory accesses but not their locks.
// Neither of the two measures below is enough alone: the first covers accesses made inside the
// libraries, the second those that their inline functions make inside our own binary.
extern "C" const char* __tsan_default_options() {
  return "halt_on_error=1:second_deadlock_stack=1:ignore_noninstrumented_modules=1";
}

extern "C" const char* __tsan_default_suppressions() {
  return "race:libgrpc.so\n"
         "race:libgrpc++.so\n"
         "race:libgpr.so\n"
         "race:librocksdb.so\n"
         "race:libprometheus\n"
         "mutex:libgrpc.so\n";
}
