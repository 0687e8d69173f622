// libcurl through dlopen.
