# The stand-in for debian:bookworm-slim on machines that reach a Debian mirror but no image registry.
# The build context holds rootfs.tar: a bootstrapped Debian, made small by slim.sh.
FROM scratch
ADD rootfs.tar /
CMD ["bash"]
