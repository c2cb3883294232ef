#!/bin/sh
# Runs once, while the image is built: PHP and Apache if the base has none, then WordPress and WooCommerce.
set -eu
wordpress=/usr/src/wordpress
plugins=$wordpress/wp-content/plugins

if ! command -v php >/dev/null; then
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  apt-get install -qy --no-install-recommends apache2 libapache2-mod-php php-cli php-curl php-gd php-intl \
    php-mbstring php-mysql php-redis php-xml php-zip
  if [ ! -f /given/wordpress.zip ]; then
    # Debian's WordPress is links into other packages; a copy of what they lead to stands by itself.
    apt-get install -qy --no-install-recommends wordpress
    mkdir -p /usr/src && cp -rL /usr/share/wordpress $wordpress
    rm -f $wordpress/wp-config.php
    apt-get purge -qy --auto-remove wordpress
  fi
  rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/* /usr/sbin/policy-rc.d
fi

if ! php -m | grep -qx redis; then
  # The official image has everything that WordPress asks for, and a compiler's worth of names for the rest.
  apt-get update -q
  apt-get install -qy --no-install-recommends $PHPIZE_DEPS
  pecl install redis-6.2.0 && docker-php-ext-enable redis
  apt-get purge -qy --auto-remove $PHPIZE_DEPS
  rm -rf /var/lib/apt/lists/* /tmp/pear
fi

unzip() { # $1 archive, $2 folder
  php -r '$zip = new ZipArchive(); exit($zip->open($argv[1]) === true && $zip->extractTo($argv[2]) ? 0 : 1);' "$1" "$2"
}
if [ -f /given/wordpress.zip ]; then
  rm -rf $wordpress && mkdir -p /usr/src
  unzip /given/wordpress.zip /usr/src
fi
# What WordPress brings along: one needs an account elsewhere, the other is a joke.
rm -rf $plugins/akismet $plugins/hello.php $plugins/hello-dolly
if [ -f /given/woocommerce.zip ]; then
  unzip /given/woocommerce.zip $plugins
fi
mkdir -p $wordpress/wp-content/mu-plugins $wordpress/wp-content/uploads
chmod -R a+rX $wordpress
# Official images name the module without its version, Debian with it.
ln -sfn "$(ls /usr/lib/apache2/modules/libphp*.so | head -n 1)" /usr/lib/apache2/modules/storefleet-php.so

# Apache and PHP want a name for our user id.
groupadd --gid 10001 storefleet
useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin storefleet
