#compdef fogmq

# zsh completion for fogmq                                 -*- shell-script -*-
#
# It runs nothing of what is typed but the fogmq that the line begins with, which it
# asks for the words that may follow.

_fogmq() {
    emulate -L zsh
    setopt extended_glob
    local program=${(Q)words[1]/#\~\//$HOME/} line name about
    local -i directive=0 found=1
    local -a asked answer whole parts

    asked=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
    # The words of a flag that has its value after = are those of the value.
    [[ $PREFIX == -*=* ]] && compset -P 1 '*='
    answer=("${(@f)$("$program" __complete "${asked[@]}" 2>/dev/null)}")
    for line in "${answer[@]}"; do
        case $line in
        (:<->) directive=${line#:} ;;
        (?*)
            name=${line%%$'\t'*}
            about=${line#"$name"}
            line=${name//:/\\:}${about:+:${about#$'\t'}}
            # What ends so is a part of a word.
            if [[ $name == *[:/=] ]]; then parts+=("$line"); else whole+=("$line"); fi
            ;;
        esac
    done
    (( $#whole )) && _describe -V -t values value whole && found=0
    (( $#parts )) && _describe -V -t parts 'beginning of a value' parts -S '' && found=0
    # 4: what is asked for is no file.
    (( found && !(directive & 4) )) && _files && found=0
    return found
}

# A file that is sourced says what it completes; one of fpath is the function itself.
if [[ $funcstack[1] == _fogmq ]]; then
    _fogmq "$@"
elif (( $+functions[compdef] )); then
    compdef _fogmq fogmq
fi
