# boot.sh join GROUP DIR, in a mount namespace of its own: goes into a new control group and starts systemd there.
# boot.sh inside: what that runs as the first process.   boot.sh leave GROUP DIR: takes the control group away.
set -e
mount --make-rprivate /
case $1 in
join | leave)
  mkdir -p "$3/cgroup"
  mount -t cgroup2 none "$3/cgroup"
  if [ "$1" = leave ]; then
    echo 1 >"$3/cgroup/$2/cgroup.kill" 2>/dev/null || true
    for try in 1 2 3 4 5 6 7 8 9 10; do
      find "$3/cgroup/$2" -depth -type d -exec rmdir {} + 2>/dev/null && exit 0
      sleep 0.2
    done
    exit 1
  fi
  mkdir "$3/cgroup/$2"
  echo $$ >"$3/cgroup/$2/cgroup.procs"
  umount "$3/cgroup"
  exec unshare --pid --mount --cgroup --fork --kill-child sh "$0" inside
  ;;
inside)
  mount -t proc proc /proc
  umount -R /sys/fs/cgroup 2>/dev/null || true
  mount -t cgroup2 none /sys/fs/cgroup
  passwd=$(grep -v '^tess:' /etc/passwd) group=$(grep -v '^tess:' /etc/group)
  shadow=$(grep -v '^tess:' /etc/shadow)
  for dir in /run /etc/init.d /etc/systemd/system /lib/systemd/system /etc/systemd/user /usr/local/lib /var/lib /var/log /home; do
    mkdir -p $dir
    mount -t tmpfs -o mode=755 none $dir
  done
  mount -t tmpfs -o mode=1777 none /tmp # the X servers of this machine are no displays of that one
  mkdir -p /run/systemd/system /run/lock /home/tess /run/user
  printf '%s\ntess:x:12345:12345::/home/tess:/bin/sh\n' "$passwd" >/run/passwd
  printf '%s\ntess:x:12345:\n' "$group" >/run/group
  # Her password is "open sesame".
  (umask 077 && printf '%s\ntess:%s:20000::::::\n' "$shadow" '$6$deskhand$.d0EIR8zOp6veXJ.IXS9vHF9LL2n75Pz/.1mT2lcHDNhfh3aWn6qO9CexhWnXhfyGPE0JRXb0JSKREUWwqB661' >/run/shadow)
  mount --bind /run/passwd /etc/passwd
  mount --bind /run/shadow /etc/shadow
  mount --bind /run/group /etc/group
  chown 12345:12345 /home/tess
  units=/lib/systemd/system
  for unit in sysinit basic multi-user shutdown network default; do
    printf '[Unit]\nDefaultDependencies=no\n' >$units/$unit.target
  done
  # The ordinary user's manager, as a login would start it; without PAM, which a test has not.
  cat >$units/user@.service <<'UNIT'
[Service]
Type=notify
User=%i
RuntimeDirectory=user/%i
RuntimeDirectoryMode=0700
Environment=XDG_RUNTIME_DIR=/run/user/%i HOME=/home/tess
ExecStart=/lib/systemd/systemd --user --log-target=console
Delegate=yes
KillMode=mixed
UNIT
  container=deskhand exec /lib/systemd/systemd --system --unit=default.target --log-target=console --show-status=0
  ;;
esac
