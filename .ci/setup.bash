# What ./dev needs, how it finds out whether that is here (never over a network), and how the rest
# is installed. Read by ./dev, which defines say, fail and root.
# shellcheck shell=bash disable=SC2154

missing=() # lines of "package: why"

package_installed() {
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# want PACKAGE WHY CHECK...: noted as missing when the check fails.
want() {
    local package=$1 why=$2
    shift 2
    "$@" >/dev/null 2>&1 || missing+=("$package: $why")
}

have_library() {
    pkg-config --exists "$1" || package_installed "$2"
}

have_c_library() {
    echo '#include <stdio.h>' | cc -E -
}

have_php_extension() {
    # shellcheck disable=SC2016
    php -r 'exit(extension_loaded($argv[1]) ? 0 : 1);' "$1"
}

want_build() {
    want gcc "compiles the C sources" command -v gcc
    want libc6-dev "the C library's headers" have_c_library
    want cmake "configures the build" command -v cmake
    want ninja-build "runs the build" command -v ninja
    want pkg-config "finds the libraries" command -v pkg-config
    want libjansson-dev "JSON" have_library jansson libjansson-dev
    want libyaml-dev "YAML, for .rr.yaml" have_library yaml-0.1 libyaml-dev
    want zlib1g-dev "checksums of frames" have_library zlib zlib1g-dev
    want_php
}

# The php that is here decides the version of the rest: the library that coyote-embed links and the
# headers must be its twins. Without one, the distribution's own names pull what belongs together.
php_flavour() {
    local version
    if ! command -v php >/dev/null; then
        echo php
    elif version=$(php -n -r 'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION;') &&
        package_installed "php$version-cli"; then
        echo "php$version"
    else
        echo foreign
    fi
}

php_config() {
    local flavour=$1
    if command -v "php-config${flavour#php}"; then
        return
    fi
    command -v php-config
}

have_php_headers() {
    local flavour=$1 config
    config=$(php_config "$flavour") && [[ -f $("$config" --include-dir)/main/php.h ]] &&
        [[ $("$config" --version) == "$(php -n -r 'echo PHP_VERSION;')" ]]
}

# An update of php alone leaves an older library behind, and the other way round.
have_php_library() {
    local flavour=$1
    package_installed "lib$flavour-embed" || return 1
    [[ $(dpkg-query -W -f '${Version}' "lib$flavour-embed") == \
        $(dpkg-query -W -f '${Version}' "$flavour-cli") ]]
}

have_foreign_php_library() {
    local prefix
    prefix=$(php-config --prefix) && compgen -G "$prefix/lib/libphp*.so"
}

want_php() {
    local flavour
    flavour=$(php_flavour)
    if [[ $flavour == foreign ]]; then
        have_foreign_php_library >/dev/null 2>&1 || fail "$(command -v php) is not a package of this
system, and its libphp*.so or php-config was not found: build PHP with --enable-embed, or remove it
from PATH so that the system's packages are used"
        return
    fi
    local before=${#missing[@]}
    want "$flavour-dev" "PHP's headers" have_php_headers "$flavour"
    want "lib$flavour-embed" "PHP as a library, for coyote-embed" have_php_library "$flavour"
    if [[ ${#missing[@]} -gt $before ]]; then
        # named too, because it must come to the same version
        missing+=("$flavour-cli: runs the workers")
    fi
}

want_test() {
    local flavour
    flavour=$(php_flavour)
    [[ $flavour != foreign ]] || flavour=php
    want check "the C unit tests' library" have_library check check
    want "$flavour-mbstring" "PHPUnit needs it" have_php_extension mbstring
    want "$flavour-xml" "PHPUnit needs it" have_php_extension dom
    want composer "fetches PHPUnit" command -v composer
    want ca-certificates "composer trusts by it" test -e /etc/ssl/certs/ca-certificates.crt
    want git "composer uses it" command -v git
    want unzip "composer uses it" command -v unzip
    want abigail-tools "compares the library's ABI with the one that was promised" command -v abidiff
    want g++ "the header in C++" command -v g++
    want make "builds the C example" command -v make
    want dpkg-dev "the .deb's dependencies" command -v dpkg-shlibdeps
    want file "cpack asks it which files are programs" command -v file
    want groff "manual pages" command -v groff
    want mandoc "manual pages" command -v mandoc
    want valgrind "looks for memory errors where sanitizers cannot" command -v valgrind
}

want_lint() {
    want clang-format "formatting" command -v clang-format
    want clang-tidy "static analysis" command -v clang-tidy
    want clang "its headers, and the fuzz targets" command -v clang
}

want_all() {
    local group
    missing=()
    for group in "$@"; do
        case $group in
            build | run) want_build ;;
            test) want_build && want_test ;;
            lint) want_build && want_test && want_lint ;;
        esac
    done
}

as_root() {
    if [[ $(id -u) -eq 0 ]]; then
        "$@"
    else
        sudo "$@"
    fi
}

# apt_get LOG ARGUMENTS...
apt_get() {
    local log=$1
    shift
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        -o DPkg::Lock::Timeout=120 "$@" >>"$log" 2>&1
}

install() {
    local log=$root/build/setup.log
    local -a packages=("$@")
    local by_hand="apt-get install ${packages[*]}"
    command -v apt-get >/dev/null || fail "this is not a Debian or Ubuntu: install the above by hand"
    if [[ $(id -u) -ne 0 ]]; then
        command -v sudo >/dev/null || fail "neither root nor sudo: let an administrator run $by_hand"
        sudo true || fail "sudo refused: let an administrator run $by_hand"
    fi
    mkdir -p -- "$root/build"
    : >"$log"
    say "installing them with apt-get (a minute or two; it writes to build/setup.log)"
    apt_get "$log" update || say "apt-get update failed; trying with the lists that are here"
    if ! apt_get "$log" install --no-install-recommends "${packages[@]}"; then
        tail -n 15 -- "$log" >&2
        fail "apt-get could not install them (no network?), see above and build/setup.log; by hand: $by_hand"
    fi
}

# setup_for GROUP...: build, run, test, lint. Quick and silent when all is there.
setup_for() {
    local line
    # a second round: generic names may have brought another PHP than the one that is used
    for _ in 1 2; do
        want_all "$@"
        [[ ${#missing[@]} -gt 0 ]] || return 0
        say "not here yet:"
        printf '%s\n' "${missing[@]}" | sort -u | sed 's/: /\t/' |
            while IFS=$'\t' read -r package why; do
                printf '    %-20s %s\n' "$package" "$why" >&2
            done
        local -a packages=()
        while IFS= read -r line; do
            packages+=("$line")
        done < <(printf '%s\n' "${missing[@]%%: *}" | sort -u)
        install "${packages[@]}"
        hash -r
    done
    want_all "$@"
    [[ ${#missing[@]} -eq 0 ]] || fail "installed, but still not usable: ${missing[*]}"
}

# PHPUnit, PHPStan and php-cs-fixer; again only when composer.json has changed.
setup_composer() {
    [[ -f $root/composer.json ]] || return 0
    local stamp=$root/vendor/.composer-json.sha256 sum
    sum=$(sha256sum <"$root/composer.json")
    if [[ -f $root/vendor/autoload.php && -f $stamp && $(<"$stamp") == "$sum" ]]; then
        return 0
    fi
    say "fetching the PHP packages of composer.json into vendor/ (PHPUnit and its like)"
    local -a superuser=()
    [[ $(id -u) -ne 0 ]] || superuser=(COMPOSER_ALLOW_SUPERUSER=1)
    local log=$root/build/composer.log
    mkdir -p -- "$root/build"
    if ! env "${superuser[@]}" composer --working-dir="$root" update --no-interaction --no-progress \
        --prefer-dist >"$log" 2>&1; then
        grep -v '^ *$\|^update \[' -- "$log" | tail -n 30 >&2
        fail "composer failed, see above and build/composer.log; it needs a network this once"
    fi
    printf '%s\n' "$sum" >"$stamp"
}
