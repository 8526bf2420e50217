// Package systemd starts a systemd of a test's own, as process 1 of a namespace: with its own /run, unit directories, /var/lib, /home and control
// groups, so that services are installed, started and taken away for real, and nothing of the machine's own is touched. The network is the
// machine's.
//
// That takes root and the right to make namespaces, which a test has on a machine or in a privileged container. Linux only.
package systemd
