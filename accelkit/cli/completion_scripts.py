"""The completion scripts of the shells, without the offers that stand in place of @OFFERS@; and how these are written.

Each finds the context of the last word, as ``completion.offers`` names contexts, and filters the words offered there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# bash from 3.2 on (which macOS has) and zsh read this alike. What is found stands in $found, a candidate on each line.
_COMMON: Final = r"""
_accelkit_offer() {
    case "$1" in
@OFFERS@
    *) offer='' ;;
    esac
}

_accelkit_find() {
    local offer='' word="${1##* }" rest part name='' last='' count=0 libvirt='' key text head='' start
    rest="${1%"$word"}"
    found=''
    while [ -n "$rest" ]; do
        part="${rest%% *}"
        rest="${rest#"$part"}"
        rest="${rest# }"
        if [ -n "$part" ]; then
            count=$((count + 1))
            last="$part"
            [ "$count" -eq 2 ] && name="$part"
            [ "$part" = --libvirt ] && libvirt=' libvirt'
        fi
    done
    start="$word"
    if [ "$count" -le 1 ]; then
        _accelkit_offer ''
    elif [ "${word#-}" != "$word" ]; then
        _accelkit_offer "$name -"
    else
        _accelkit_offer "$name $last"
        [ -n "$offer" ] || _accelkit_offer "$name$libvirt"
        [ -n "$offer" ] || _accelkit_offer "$name"
    fi
    case "$offer" in
    @files)
        found=@files
        return
        ;;
    @none) return ;;
    @accel)
        text="${word#[\"\']}"
        head="${word%"$text"}"
        start="$text"
        case "$text" in
        *,*)
            part="${text##*,}"
            head="$head${text%"$part"}"
            start="$part"
            case "$part" in
            *=*)
                start="${part#*=}"
                head="$head${part%%=*}="
                _accelkit_offer "=${part%%=*}"
                ;;
            *) _accelkit_offer "${text%%,*}," ;;
            esac
            ;;
        *) _accelkit_offer @accel ;;
        esac
        ;;
    esac
    while [ -n "$offer" ]; do
        part="${offer%% *}"
        offer="${offer#"$part"}"
        offer="${offer# }"
        case "$part" in
        "$start"*) found="$found$head$part
" ;;
        esac
    done
}
"""

SCRIPTS: Final = {
    # COMP_WORDBREAKS splits words at "=" and ":", so bash expects only what follows the last of them; in quotes it does not.
    "bash": _COMMON
    + r"""
_accelkit() {
    local found candidate line="${COMP_LINE:0:COMP_POINT}" word head
    _accelkit_find "$line"
    word="${line##* }"
    case "$word" in
    [\"\']*) head="${word%"${word#?}"}" ;; # in quotes it is one word
    *) head="${word%"${word##*[=:]}"}" ;;
    esac
    COMPREPLY=()
    if [[ $found == @files ]]; then
        compopt -o filenames 2>/dev/null
        while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -f -- "$2")
        return
    fi
    while IFS= read -r candidate; do
        [[ -n $candidate ]] && COMPREPLY+=("${candidate#"$head"}")
    done <<<"$found"
    if [[ ${#COMPREPLY[@]} -eq 1 && $word == [\"\']* && ( $COMPREPLY == *= || $word != *,* ) ]]; then
        COMPREPLY+=("$COMPREPLY...") # bash closes the quotes behind a word that is the only one, and there is more to come
    elif [[ ${#COMPREPLY[@]} -eq 1 && $COMPREPLY == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
    return 0
}
complete -F _accelkit accelkit
""",
    "zsh": "#compdef accelkit\n"
    + _COMMON
    + r"""
_accelkit() {
    emulate -L zsh
    local found
    local -a candidates
    _accelkit_find "$LBUFFER"
    if [[ $found == @files ]]; then
        _files
        return
    fi
    candidates=("${(@f)found}")
    candidates=("${(@)candidates:#}")
    (( ${#candidates} )) && compadd -U -S '' -- "${candidates[@]}"
}
# On zsh's fpath this file is the body of the completing function; sourced, it registers that function.
if [[ ${funcstack[1]} == _accelkit ]]; then _accelkit "$@"; else compdef _accelkit accelkit; fi
""",
    "fish": r"""
function __accelkit_offer
    switch "$argv[1]"
@OFFERS@
    end
end

function __accelkit_find
    set -l parts (string split ' ' -- (commandline -cp))
    set -l word (string replace -r '^["\']+' '' -- "$parts[-1]") # fish keeps the quotes itself
    set -l before
    for part in $parts[1..-2]
        test -n "$part"; and set -a before $part
    end
    set -l start "$word"
    set -l head ''
    set -l offer
    if test (count $before) -le 1
        set offer (__accelkit_offer '')
    else if string match -q -- '-*' "$word"
        set offer (__accelkit_offer "$before[2] -")
    else
        set offer (__accelkit_offer "$before[2] $before[-1]")
        contains -- --libvirt $before; and test -z "$offer"; and set offer (__accelkit_offer "$before[2] libvirt")
        test -z "$offer"; and set offer (__accelkit_offer "$before[2]")
    end
    switch "$offer"
        case @files
            __fish_complete_path "$word"
            return
        case @none
            return
        case @accel
            if string match -q -- '*,*' "$word"
                set -l last (string split ',' -- "$word")[-1]
                set start "$last"
                set head (string sub -l (math (string length -- "$word") - (string length -- "$last")) -- "$word")
                if string match -q -- '*=*' "$last"
                    set -l key (string split -m 1 '=' -- "$last")[1]
                    set start (string sub -s (math (string length -- "$key") + 2) -- "$last")
                    set head "$head$key="
                    set offer (__accelkit_offer "=$key")
                else
                    set offer (__accelkit_offer (string split ',' -- "$word")[1],)
                end
            else
                set offer (__accelkit_offer @accel)
            end
    end
    for each in (string split -n ' ' -- "$offer")
        test "$start" = (string sub -l (string length -- "$start") -- "$each"); and echo "$head$each"
    end
end

complete -c accelkit -f -a '(__accelkit_find)'
""",
}


def case_of(offers: Mapping[str, str]) -> str:
    """``offers`` as the cases of a ``case`` of bash and zsh."""
    return "\n".join(f"    '{context}') offer='{words}' ;;" for context, words in offers.items() if words)


def switch_of(offers: Mapping[str, str]) -> str:
    """``offers`` as the cases of a ``switch`` of fish."""
    return "\n".join(
        f"        case '{context}'\n            echo '{words}'" for context, words in offers.items() if words
    )
